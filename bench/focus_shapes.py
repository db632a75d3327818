"""The dimension tuples of the benchmark's bill: what an account of a CI system on AWS looks like, with invented names.

A shape is one combination of all descriptive columns. It knows its row as a template with %s where a row differs from the next.
"""
import json

COLUMNS = (
    'ProviderName,PublisherName,InvoiceIssuerName,InvoiceId,BillingAccountId,BillingAccountName,BillingAccountType,SubAccountId,'
    'SubAccountName,SubAccountType,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ChargeClass,'
    'ChargeDescription,ChargeFrequency,BilledCost,EffectiveCost,ListCost,ContractedCost,ListUnitPrice,ContractedUnitPrice,'
    'PricingCategory,PricingQuantity,PricingUnit,PricingCurrency,PricingCurrencyContractedUnitPrice,PricingCurrencyEffectiveCost,'
    'PricingCurrencyListUnitPrice,BillingCurrency,ConsumedQuantity,ConsumedUnit,ServiceName,ServiceCategory,ServiceSubcategory,SkuId,'
    'SkuMeter,SkuPriceId,SkuPriceDetails,ResourceId,ResourceName,ResourceType,RegionId,RegionName,AvailabilityZone,'
    'CommitmentDiscountId,CommitmentDiscountName,CommitmentDiscountCategory,CommitmentDiscountType,CommitmentDiscountStatus,'
    'CommitmentDiscountQuantity,CommitmentDiscountUnit,CapacityReservationId,CapacityReservationStatus,Tags').split(',')

VARYING = ('ChargePeriodStart', 'ChargePeriodEnd', 'BilledCost', 'EffectiveCost', 'ListCost', 'ContractedCost', 'PricingQuantity',
           'PricingCurrencyEffectiveCost', 'ConsumedQuantity', 'ResourceId', 'ResourceName', 'Tags')

PRICE_SCALE = 10    # unit prices are counts of 1e-10
QUANTITY_SCALE = 4  # quantities are counts of 1e-4

# service, category, subcategory, meter, unit, resource type, ARN part, id prefix, weight in the bill
SERVICES = [
    ('Amazon Elastic Compute Cloud', 'Compute', 'Virtual Machines', 'BoxUsage', 'Hours', 'EC2 Instance', 'ec2', 'instance/i-', 9),
    ('Amazon Elastic Block Store', 'Storage', 'Block Storage', 'VolumeUsage.gp3', 'GB-Months', 'EBS Volume', 'ec2', 'volume/vol-', 6),
    ('Amazon Simple Storage Service', 'Storage', 'Object Storage', 'Requests-Tier1', 'Requests', 'S3 Bucket', 's3', 'bucket-', 3),
    ('AWS Data Transfer', 'Networking', 'Network Connectivity', 'DataTransfer-Out-Bytes', 'GB', 'Network Interface', 'ec2',
     'network-interface/eni-', 4),
    ('AWS Lambda', 'Compute', 'Serverless Compute', 'Lambda-GB-Second', 'Seconds', 'Lambda Function', 'lambda', 'function/fn-', 2),
    ('Amazon CloudWatch', 'Management and Governance', 'Observability', 'DataProcessing-Bytes', 'GB', 'Log Group', 'logs',
     'log-group/ci-', 2),
    ('Amazon Elastic Container Registry', 'Developer Tools', 'Registry', 'TimedStorage-ByteHrs', 'GB-Months', 'ECR Repository', 'ecr',
     'repository/ci-', 1),
    ('Amazon DynamoDB', 'Databases', 'NoSQL Databases', 'WriteRequestUnits', 'Requests', 'DynamoDB Table', 'dynamodb', 'table/ci-', 1),
]
SIZES = ['large', 'xlarge', '2xlarge', '4xlarge', '8xlarge', '12xlarge', '16xlarge', '24xlarge', 'metal']
FAMILIES = ['c5', 'c6i', 'c7a', 'c7g', 'g4dn', 'g5', 'g6', 'm5', 'm6i', 'm7g', 'p4d', 'p5', 'r5', 'r7i', 't3']
REGIONS = [('us-east-1', 'US East (N. Virginia)'), ('us-east-2', 'US East (Ohio)'), ('us-west-2', 'US West (Oregon)'),
           ('eu-central-1', 'EU (Frankfurt)')]
ACCOUNTS = [(f'{308500000000 + 7_919 * n:012d}', f'example-ci-{name}') for n, name in enumerate(
    ['linux', 'windows', 'gpu', 'arm', 'release', 'cache', 'metrics', 'registry', 'sandbox', 'nightly'])]
LABELS = ['linux', 'linux.arm64', 'linux.gpu', 'windows', 'windows.gpu', 'linux.rocm']


class Shape:
    """One dimension tuple and how its rows vary."""

    __slots__ = ('template', 'arn', 'prefix', 'tags', 'kind', 'price', 'contracted', 'hours', 'recent')

    def __init__(self, template, arn, prefix, tags, kind, price, contracted, hours):
        self.template, self.arn, self.prefix, self.tags, self.kind = template, arn, prefix, tags, kind
        self.price, self.contracted, self.hours = price, contracted, hours
        self.recent = []


def quoted(text):
    """A CSV field, quoted where RFC 4180 asks for it."""
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n') else text


def decimal_text(value, scale):
    """A count of 10 ** -scale as decimal text with all its digits."""
    sign, value = ('-', -value) if value < 0 else ('', value)
    return f'{sign}{value // 10 ** scale}.{value % 10 ** scale:0{scale}d}'


def tag_text(label, number):
    """The tags of a shape as a CSV field; the same keys on every row."""
    tags = {'Application': 'ci', 'Owner': f'team-{number % 23}', 'RunnerLabel': label, 'Fleet': f'fleet-{number % 61:02d}'}
    return quoted(json.dumps(tags, separators=(',', ':')))


def make_shapes(count, month, next_month, rng):
    """The wanted number of different shapes."""
    pick = lambda items: items[int(rng.random() * len(items))]
    services = [s for s in SERVICES for _ in range(s[8])]
    return [make_shape(number, month, next_month, pick, services) for number in range(count)]


def make_shape(number, month, next_month, pick, services):
    """One shape; its SKU makes it different from all others."""
    service, category, subcategory, meter, unit, resource_type, arn_service, prefix, _ = pick(services)
    region, region_name = pick(REGIONS)
    account, account_name = pick(ACCOUNTS)
    kind = {0: 'Credit', 1: 'Tax', 2: 'Purchase', 3: 'Correction', 4: 'Committed', 5: 'Committed'}.get(number % 50, 'Usage')
    instance = f'{pick(FAMILIES)}.{pick(SIZES)}'
    price = 1 + int(10 ** (3 + 8 * pick([n / 97 for n in range(97)])))
    contracted = price * pick([100, 100, 95, 90, 72]) // 100
    has_resource = kind not in ('Tax', 'Purchase', 'Credit')
    label = pick(LABELS)
    values = dict.fromkeys(COLUMNS, '')
    values.update(dict.fromkeys(VARYING, '%s'))
    values.update(
        ProviderName='AWS', PublisherName='Amazon Web Services', InvoiceIssuerName='Amazon Web Services, Inc.',
        InvoiceId=f'INV-{month[:7]}-0001', BillingAccountId='308500000000', BillingAccountName='Example Foundation',
        BillingAccountType='Payer Account', SubAccountId=account, SubAccountName=account_name, SubAccountType='Linked Account',
        BillingPeriodStart=month, BillingPeriodEnd=next_month,
        ChargeCategory={'Correction': 'Usage', 'Committed': 'Usage'}.get(kind, kind),
        ChargeClass='Correction' if kind == 'Correction' else '',
        ChargeDescription=describe(kind, service, meter, instance, region),
        ChargeFrequency={'Tax': 'Recurring', 'Purchase': 'Recurring', 'Credit': 'One-Time'}.get(kind, 'Usage-Based'),
        PricingCategory={'Committed': 'Committed', 'Usage': 'Standard', 'Correction': 'Standard'}.get(kind, ''),
        PricingUnit=unit if has_resource else '', PricingCurrency='USD', BillingCurrency='USD', ConsumedUnit=unit if has_resource else '',
        ServiceName=service, ServiceCategory=category, ServiceSubcategory=subcategory, SkuId=f'{number:05d}QZ7RW8NX4T',
        SkuMeter=meter, RegionId=region, RegionName=region_name, ResourceType=resource_type if has_resource else '',
        AvailabilityZone=region + pick(['a', 'b', 'c']) if resource_type in ('EC2 Instance', 'EBS Volume') and has_resource else '')
    if has_resource:
        values.update(
            ListUnitPrice=decimal_text(price, PRICE_SCALE), ContractedUnitPrice=decimal_text(contracted, PRICE_SCALE),
            PricingCurrencyContractedUnitPrice=decimal_text(contracted, PRICE_SCALE),
            PricingCurrencyListUnitPrice=decimal_text(price, PRICE_SCALE), SkuPriceId=f'{number:05d}QZ7RW8NX4T.JRTCKXETXF.6YS6EN2CT7',
            SkuPriceDetails=json.dumps({'InstanceType': instance, 'OperatingSystem': 'Linux', 'CoreCount': 2 + number % 94},
                                       separators=(',', ':')))
    if kind == 'Committed':
        values.update(CommitmentDiscountId=f'arn:aws:savingsplans::308500000000:savingsplan/{number % 7:08x}-ci',
                      CommitmentDiscountName='Compute-1yr-NoUpfront', CommitmentDiscountCategory='Spend',
                      CommitmentDiscountType='Savings Plan', CommitmentDiscountStatus='Used', CommitmentDiscountUnit='USD')
    template = ','.join(text if text == '%s' else quoted(text).replace('%', '%%') for text in (values[c] for c in COLUMNS))
    hours = 744 if kind in ('Tax', 'Purchase', 'Credit') else 24 if number % 4 == 0 else 1
    arn = f'arn:aws:{arn_service}:{region}:{account}:' if has_resource else ''
    return Shape(template + '\n', arn, prefix, tag_text(label, number), kind, price, contracted, hours)


def describe(kind, service, meter, instance, region):
    """The words that AWS puts on such a line, roughly."""
    return {'Credit': 'Promotional credits for open source', 'Tax': f'Sales tax, {service}', 'Correction': f'Correction for {meter}',
            'Purchase': 'Compute Savings Plan, 1 year, no upfront: recurring fee'}.get(
                kind, f'$ per {meter} of {instance}, Linux on demand, {region}')
